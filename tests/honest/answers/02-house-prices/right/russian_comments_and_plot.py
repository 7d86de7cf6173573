# case: russian_comments_and_plot
# style: Russian comments and messages, a picture of the loss inside train_model

# %% normalize
def normalize(x_train, x_other):
    # среднее и стандартное отклонение считаем только по обучающей выборке
    среднее = x_train.mean(axis=0)
    отклонение = x_train.std(axis=0)
    print("Среднее:", среднее.round(2))
    return (x_train - среднее) / отклонение, (x_other - среднее) / отклонение


# %% build_model
def build_model(n_features):
    # один скрытый слой, на выходе одно число без функции активации
    сеть = keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    return сеть


# %% compile_model
def compile_model(model):
    # стохастический градиентный спуск
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mse")
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    история = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    рисунок, оси = plt.subplots(figsize=(4, 2))
    оси.semilogy(история.history["loss"])
    оси.set_title("Функция потерь")
    plt.close(рисунок)
    return история


# %% predict_prices
def predict_prices(model, x):
    # переводим единицы обратно в деньги
    цены = model.predict(x, verbose=0).flatten() * UNIT
    return цены
