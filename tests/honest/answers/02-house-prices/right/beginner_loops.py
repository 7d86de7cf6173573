# case: beginner_loops
# style: a beginner with loops over the columns, prints and many temporary variables

# %% normalize
def normalize(x_train, x_other):
    # make empty arrays for the results
    new_train = np.zeros(x_train.shape)
    new_other = np.zeros(x_other.shape)

    number_of_columns = x_train.shape[1]
    for column in range(number_of_columns):
        column_values = x_train[:, column]
        column_mean = np.mean(column_values)
        column_std = np.std(column_values)

        new_train[:, column] = (x_train[:, column] - column_mean) / column_std
        # same mean and same std here!
        new_other[:, column] = (x_other[:, column] - column_mean) / column_std

    return new_train, new_other

# %% build_model
def build_model(n_features):
    model = keras.Sequential()
    model.add(keras.Input((n_features,)))
    model.add(keras.layers.Dense(units=16, activation="relu", name="hidden"))
    model.add(keras.layers.Dense(units=1, name="output"))
    model.summary()
    return model

# %% compile_model
def compile_model(model):
    my_learning_rate = 0.01
    my_optimizer = keras.optimizers.SGD(learning_rate=my_learning_rate)
    my_loss = "mean_squared_error"
    model.compile(optimizer=my_optimizer, loss=my_loss)
    print("model is compiled with learning rate", my_learning_rate)
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    print("training with", len(x), "houses for", epochs, "epochs")
    history = model.fit(x, y, epochs=epochs)
    last_loss = history.history["loss"][-1]
    print("finished, last loss:", last_loss)
    return history

# %% predict_prices
def predict_prices(model, x):
    predictions = model.predict(x)
    prices = np.zeros(len(predictions))
    for i in range(len(predictions)):
        in_units = predictions[i][0]
        prices[i] = in_units * UNIT
    return prices
