# case: beginner_prints
# style: beginner: many temporary variables, model.add, prints and model.summary, nested counting loops

# %% build_model
def build_model(image_shape, n_classes):
    print("the image shape is", image_shape)
    print("the number of classes is", n_classes)
    model = keras.models.Sequential()
    model.add(keras.Input(shape=image_shape))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(units=64, activation="relu", name="hidden"))
    model.add(keras.layers.Dense(units=n_classes, activation="softmax", name="output"))
    model.summary()
    return model

# %% compile_model
def compile_model(model):
    my_learning_rate = 0.01
    my_optimizer = keras.optimizers.Adam(learning_rate=my_learning_rate)
    my_loss = "sparse_categorical_crossentropy"
    my_metrics = ["accuracy"]
    model.compile(optimizer=my_optimizer, loss=my_loss, metrics=my_metrics)
    print("compiled!")
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    early_stopping = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True, verbose=1
    )
    callbacks_list = [early_stopping]
    validation = (x_val, y_val)
    history = model.fit(x, y, epochs=100, validation_data=validation, callbacks=callbacks_list, verbose=2)
    number_of_epochs = len(history.history["loss"])
    print("trained for", number_of_epochs, "epochs")
    return history

# %% best_epoch
def best_epoch(history):
    losses = history.history["val_loss"]
    best_loss = losses[0]
    best_number = 1
    number = 1
    for loss in losses:
        if loss < best_loss:
            best_loss = loss
            best_number = number
        number = number + 1
    print("best epoch:", best_number, "with a loss of", best_loss)
    return best_number

# %% confusion_matrix
def confusion_matrix(model, x, y):
    number_of_classes = model.output_shape[-1]
    predictions = model.predict(x, verbose=0)
    matrix = np.zeros((number_of_classes, number_of_classes), dtype=int)
    for row in range(number_of_classes):
        for column in range(number_of_classes):
            count = 0
            for i in range(len(y)):
                answer = np.argmax(predictions[i])
                if y[i] == row and answer == column:
                    count = count + 1
            matrix[row, column] = count
    return matrix
